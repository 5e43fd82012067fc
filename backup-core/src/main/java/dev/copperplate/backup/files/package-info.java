/**
 * Plain files: a {@linkplain dev.copperplate.backup.files.FilesSource source} that captures
 * directory trees as they are, and a {@linkplain dev.copperplate.backup.files.FilesRestorer
 * restorer} that writes them back and never outside its destination.
 *
 * <p>Both need a POSIX file system with the JDK's {@code unix} attributes (Linux, macOS).
 */
@NullMarked
package dev.copperplate.backup.files;

import org.jspecify.annotations.NullMarked;
