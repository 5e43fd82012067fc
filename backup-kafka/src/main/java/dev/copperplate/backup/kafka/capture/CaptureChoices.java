package dev.copperplate.backup.kafka.capture;

import dev.copperplate.backup.kafka.TopicSelection;

/**
 * How topics are captured.
 *
 * @param bytesPerSecond 0 for as fast as brokers and repository can
 * @param isKeepingAll whether records stay that brokers have deleted
 * @param isAnew whether everything is read again
 */
public record CaptureChoices(
    TopicSelection topics, long bytesPerSecond, boolean isKeepingAll, boolean isAnew) {

  /** These topics, with all defaults. */
  public static CaptureChoices of(TopicSelection topics) {
    return new CaptureChoices(topics, 0, false, false);
  }

  public CaptureChoices bytesPerSecond(long rate) {
    return new CaptureChoices(topics, rate, isKeepingAll, isAnew);
  }

  public CaptureChoices keepingAll() {
    return new CaptureChoices(topics, bytesPerSecond, true, isAnew);
  }

  public CaptureChoices anew() {
    return new CaptureChoices(topics, bytesPerSecond, isKeepingAll, true);
  }
}
