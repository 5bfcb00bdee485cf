package io.millrace.workers.gate;

/** What the end of a call says of the model's provider. */
public enum Signal {
  /** It answered as it should. */
  SUCCESS,
  /** It is at fault: no connection, its own error, silence, nonsense. */
  FAULT,
  /** It is up, but said no: the request, the key or the rate is at fault. */
  REFUSAL,
  /** The call says nothing: it was given up by this side. */
  NOTHING
}
