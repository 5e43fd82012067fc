package dev.copperplate.samples;

/** How a sample ends, for the shell that started it. */
public enum ExitCode {
  /** Everything that was asked for was done. */
  SUCCESS(0),
  /** It failed, or something is damaged. */
  FAILURE(1),
  /** The arguments make no sense; nothing was done. */
  USAGE(2),
  /** Done, but not whole: a partial snapshot, or a restore with files missing. */
  PARTIAL(3);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** What the process returns. */
  public int number() {
    return number;
  }
}
