/** Moving what snapshots hold from one repository into another. */
@NullMarked
package dev.copperplate.backup.repository.copy;

import org.jspecify.annotations.NullMarked;
