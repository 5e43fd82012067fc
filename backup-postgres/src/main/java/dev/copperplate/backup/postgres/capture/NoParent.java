package dev.copperplate.backup.postgres.capture;

/**
 * A full is due.
 *
 * @param reason why
 */
record NoParent(String reason) implements Basis {

  @Override
  public int chain() {
    return 0;
  }
}
