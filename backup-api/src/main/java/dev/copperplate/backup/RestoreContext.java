package dev.copperplate.backup;

/** What a restore or a verification is given. */
public interface RestoreContext extends RunContext {

  /**
   * Announces what is about to be done. To be called once, before the first change.
   *
   * @throws BackupException {@code NOT_CONFIRMED} in a dry run, in a verification that would
   *     destroy, and if the plan destroys something that was not confirmed by name
   * @throws IllegalStateException if called twice
   */
  void begin(RestorePlan plan) throws BackupException;
}
