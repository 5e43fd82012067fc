package dev.copperplate.backup.testkit.s3;

/** Whether a version is held until somebody lifts that. */
enum LegalHold {
  /** Nobody ever said anything. */
  NEVER,
  ON,
  OFF;

  static LegalHold named(String name) {
    return switch (name) {
      case "ON" -> ON;
      case "OFF" -> OFF;
      default ->
          throw S3Error.invalidArgument(
              "Legal Hold must be either of 'ON' or 'OFF'", ObjectLock.HOLD, name);
    };
  }
}
