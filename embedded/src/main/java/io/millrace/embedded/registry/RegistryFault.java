package io.millrace.embedded.registry;

/** A refusal with the status and the code that Confluent's registry gives for it. */
final class RegistryFault extends RuntimeException {

  private final int status;
  private final int errorCode;

  private RegistryFault(int status, int errorCode, String message) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }

  int status() {
    return status;
  }

  int errorCode() {
    return errorCode;
  }

  static RegistryFault subjectNotFound(String subject) {
    return new RegistryFault(404, 40401, "Subject '" + subject + "' not found.");
  }

  static RegistryFault versionNotFound(int version) {
    return new RegistryFault(404, 40402, "Version " + version + " not found.");
  }

  static RegistryFault schemaNotFound() {
    return new RegistryFault(404, 40403, "Schema not found");
  }

  static RegistryFault schemaNotFound(int id) {
    return new RegistryFault(404, 40403, "Schema " + id + " not found");
  }

  static RegistryFault subjectNotSoftDeleted(String subject) {
    return new RegistryFault(
        404,
        40405,
        "Subject '" + subject + "' was not deleted first before being permanently deleted");
  }

  static RegistryFault versionNotSoftDeleted(String subject, int version) {
    return new RegistryFault(
        404,
        40407,
        "Subject '"
            + subject
            + "' Version "
            + version
            + " was not deleted first before being permanently deleted");
  }

  static RegistryFault levelNotConfigured(String subject) {
    return new RegistryFault(
        404,
        40408,
        "Subject '" + subject + "' does not have subject-level compatibility configured");
  }

  static RegistryFault invalidSchema(String why) {
    return new RegistryFault(422, 42201, "Invalid schema: " + why);
  }

  static RegistryFault invalidVersion(String version) {
    return new RegistryFault(
        422,
        42202,
        "The specified version '"
            + version
            + "' is not a valid version id. Allowed values are between [1, 2^31-1] and the string"
            + " \"latest\"");
  }

  static RegistryFault invalidLevel(String level) {
    return new RegistryFault(
        422,
        42203,
        "Invalid compatibility level '"
            + level
            + "'. Valid values are NONE, BACKWARD, FORWARD, FULL, BACKWARD_TRANSITIVE,"
            + " FORWARD_TRANSITIVE and FULL_TRANSITIVE");
  }

  static RegistryFault invalidRequest(String why) {
    return new RegistryFault(422, 422, why);
  }

  static RegistryFault incompatible(String subject, String details) {
    return new RegistryFault(
        409,
        409,
        "Schema being registered is incompatible with an earlier schema for subject \""
            + subject
            + "\", details: "
            + details);
  }

  static RegistryFault storeFailed(String why) {
    return new RegistryFault(500, 50001, "Error in the backend data store: " + why);
  }

  /** For a waiting thread that is told to stop; leaves it interrupted. */
  static RegistryFault interrupted() {
    Thread.currentThread().interrupt();
    return storeFailed("interrupted");
  }
}
