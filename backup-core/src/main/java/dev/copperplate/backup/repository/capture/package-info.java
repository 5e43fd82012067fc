/**
 * What a source writes: directories in memory until they are complete, files on their way to blobs.
 */
@NullMarked
package dev.copperplate.backup.repository.capture;

import org.jspecify.annotations.NullMarked;
