/** One run of a capture, restore or verification: its threads, its memory, its end. */
@NullMarked
package dev.copperplate.backup.repository.run;

import org.jspecify.annotations.NullMarked;
