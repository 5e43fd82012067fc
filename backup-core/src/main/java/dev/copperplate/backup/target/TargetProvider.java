package dev.copperplate.backup.target;

import dev.copperplate.backup.BackupTarget;

/**
 * Makes targets of what a configuration calls a place. A module that brings a kind of target offers
 * one as a service, and {@link Targets} finds it. Code that knows what it wants needs neither.
 */
public interface TargetProvider {

  /** What its places begin with, without the colon, such as {@code s3}. */
  String scheme();

  /**
   * Makes the target of a place. Nothing is asked of the store yet.
   *
   * @param place as it was written, such as {@code s3://bucket/prefix}
   * @throws IllegalArgumentException if it is none of this provider's; the message says what one
   *     looks like
   */
  BackupTarget target(String place);
}
