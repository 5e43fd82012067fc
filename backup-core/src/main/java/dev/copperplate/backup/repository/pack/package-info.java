/** Blobs in packs: sealing, assembling, and reading them back. */
@NullMarked
package dev.copperplate.backup.repository.pack;

import org.jspecify.annotations.NullMarked;
