/**
 * Cuts content into chunks at the borders that restic would choose, so that both deduplicate
 * against each other in one repository.
 *
 * <p>A repository has one {@link dev.copperplate.backup.repository.chunk.Polynomial}, kept in its
 * {@code config}; every stream of content has a {@link
 * dev.copperplate.backup.repository.chunk.Chunker} of its own. Nothing here does I/O, starts
 * threads or keeps content. Readers need none of it: where chunks were cut is of no interest to
 * them.
 */
@NullMarked
package dev.copperplate.backup.repository.chunk;

import org.jspecify.annotations.NullMarked;
