/**
 * Programs that show how the library is used, each a plain {@code main}.
 *
 * <p>Start at {@link dev.copperplate.samples.FirstBackup}, the lines of the README, or at {@link
 * dev.copperplate.samples.BackupDirectory}. All of them end with the {@linkplain
 * dev.copperplate.samples.ExitCode same exit codes} and take {@code --help}, {@code --json} and
 * {@code --debug}.
 */
@NullMarked
package dev.copperplate.samples;

import org.jspecify.annotations.NullMarked;
