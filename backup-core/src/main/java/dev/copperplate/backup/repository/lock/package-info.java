/** The lock files by which writers and maintenance of all tools keep out of each other's way. */
@NullMarked
package dev.copperplate.backup.repository.lock;

import org.jspecify.annotations.NullMarked;
