package dev.copperplate.backup.postgres.capture;

import java.util.OptionalInt;

/**
 * How base backups are taken.
 *
 * @param chainLength how many backups a chain has at most, its full included
 * @param fastCheckpoint whether the server writes its checkpoint at once
 * @param kilobytesPerSecond how fast the server may send
 */
public record CaptureChoices(
    int chainLength, boolean fastCheckpoint, OptionalInt kilobytesPerSecond) {

  public CaptureChoices chain(int length) {
    return new CaptureChoices(length, fastCheckpoint, kilobytesPerSecond);
  }

  public CaptureChoices spread() {
    return new CaptureChoices(chainLength, false, kilobytesPerSecond);
  }

  public CaptureChoices rate(int kilobytes) {
    return new CaptureChoices(chainLength, fastCheckpoint, OptionalInt.of(kilobytes));
  }

  /** As people read it. */
  @Override
  public String toString() {
    String what = chainLength == 1 ? "always full" : "chains of " + chainLength;
    String checkpoint = fastCheckpoint ? "" : ", spread checkpoint";
    String rate =
        kilobytesPerSecond.isPresent()
            ? ", " + kilobytesPerSecond.getAsInt() + " KiB a second at most"
            : "";
    return what + checkpoint + rate;
  }
}
