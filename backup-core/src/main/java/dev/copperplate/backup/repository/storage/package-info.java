/**
 * The objects of a repository on its target: where they lie, and how they are sealed and checked.
 */
@NullMarked
package dev.copperplate.backup.repository.storage;

import org.jspecify.annotations.NullMarked;
