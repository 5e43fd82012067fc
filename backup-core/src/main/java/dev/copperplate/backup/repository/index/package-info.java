/** Which blob lies where: the index files of a repository, and their content in memory. */
@NullMarked
package dev.copperplate.backup.repository.index;

import org.jspecify.annotations.NullMarked;
