/** What any bytes must not do to a parser of stored bytes. */
@NullMarked
package dev.copperplate.backup.fuzz;

import org.jspecify.annotations.NullMarked;
