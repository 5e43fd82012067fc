/**
 * The keys of a repository and the containers they seal. Everything that restic calls encrypted is
 * {@code IV (16) | ciphertext | MAC (16)}: AES-256 in counter mode under Poly1305-AES, as the
 * "Keys, Encryption and MAC" section of the restic design describes it.
 *
 * <p>Nothing here prints, logs or compares secrets in variable time, and nothing here does I/O.
 */
@NullMarked
package dev.copperplate.backup.repository.crypto;

import org.jspecify.annotations.NullMarked;
