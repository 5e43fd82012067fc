/**
 * Targets that need nothing but the JDK, and decorators for any target.
 *
 * <p>{@link dev.copperplate.backup.target.LocalTarget} keeps objects as files below a directory, in
 * the layout and with the discipline of restic's local backend. {@link
 * dev.copperplate.backup.target.RetryingTarget} repeats what failed for a passing reason; targets
 * themselves never do. {@link dev.copperplate.backup.target.ThrottledTarget} holds objects to a
 * bandwidth, {@link dev.copperplate.backup.target.ReadOnlyTarget} lets nothing be changed.
 *
 * <p>A decorator is one file, forwards every method of the interface, and closes what it decorates.
 */
@NullMarked
package dev.copperplate.backup.target;

import org.jspecify.annotations.NullMarked;
