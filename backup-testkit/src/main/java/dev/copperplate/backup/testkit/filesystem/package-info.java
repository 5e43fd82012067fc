/**
 * A file system in memory that loses what a power failure may take, to be put below {@code
 * LocalTarget} or anything else that writes files and promises that they stay.
 *
 * <p>{@link dev.copperplate.backup.testkit.filesystem.ModelFileSystem} is where to begin.
 */
@NullMarked
package dev.copperplate.backup.testkit.filesystem;

import org.jspecify.annotations.NullMarked;
