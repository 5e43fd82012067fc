/** Reading snapshots: which there are, what they hold, and the content of their files. */
@NullMarked
package dev.copperplate.backup.repository.read;

import org.jspecify.annotations.NullMarked;
