/**
 * Workers that consume dispatch topics, call providers and send the outcomes back. {@link
 * io.millrace.workers.ProviderWorkers} is the entry point; {@link
 * io.millrace.workers.WorkerAssembly} puts the worker of one provider together.
 *
 * <ul>
 *   <li>Reading: {@link io.millrace.workers.DispatchLoop} is the poll loop, on one thread. {@link
 *       io.millrace.workers.Backlog} says whose turn it is, {@link
 *       io.millrace.workers.PartitionTable} what may be committed.
 *   <li>One dispatch: {@link io.millrace.workers.ExchangeHandler}, on a virtual thread.
 *   <li>One attempt: {@link io.millrace.workers.CallExecutor} repeats calls. Each call goes through
 *       callers that wrap one another: {@link io.millrace.workers.HedgedCaller}, {@link
 *       io.millrace.workers.MeasuredCaller}, {@link io.millrace.workers.ProviderCaller}. What holds
 *       calls back is {@link io.millrace.workers.ModelGate}.
 *   <li>Writing: {@link io.millrace.workers.Outbox} for records that must arrive, {@link
 *       io.millrace.workers.ChunkStream} for the pieces of streams.
 * </ul>
 */
@NullMarked
package io.millrace.workers;

import org.jspecify.annotations.NullMarked;
