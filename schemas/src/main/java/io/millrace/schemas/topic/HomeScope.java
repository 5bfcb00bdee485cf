package io.millrace.schemas.topic;

/** The key by which home stages are partitioned ({@code home.scope}). */
public enum HomeScope {
  /** All requests of a tenant meet in one task: tenant-scoped hooks fuse with the home stage. */
  TENANT,
  /** Requests of one tenant spread over all partitions. */
  REQUEST;

  /** The key of an exchange's records on the home stage's topics. */
  public String keyOf(String tenant, String exchangeId) {
    return switch (this) {
      case TENANT -> tenant;
      case REQUEST -> exchangeId;
    };
  }
}
