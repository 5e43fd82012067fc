/**
 * The interfaces and values of Copperplate: what a plug-in implements, what it is given, and the
 * words both sides use.
 *
 * <p>A {@link dev.copperplate.backup.BackupSource source} is captured into a {@link
 * dev.copperplate.backup.Snapshot snapshot} of a repository on a {@link
 * dev.copperplate.backup.BackupTarget target}; a {@link dev.copperplate.backup.Restorer restorer}
 * puts it back, a {@link dev.copperplate.backup.Verifier verifier} shows whether it can be relied
 * on, and a {@link dev.copperplate.backup.RetentionPolicy retention policy} says which snapshots
 * stay. The engine is in {@code backup-core}; this package depends on nothing.
 */
@NullMarked
package dev.copperplate.backup;

import org.jspecify.annotations.NullMarked;
