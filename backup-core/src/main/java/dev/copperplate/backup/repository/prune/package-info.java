/** What a prune finds out, stores anew and removes. */
@NullMarked
package dev.copperplate.backup.repository.prune;

import org.jspecify.annotations.NullMarked;
