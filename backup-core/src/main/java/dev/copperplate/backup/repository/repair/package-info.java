/**
 * Making whole again what is damaged: indexes from packs, objects and blobs from replicas. What is
 * new is stored before what is old is removed.
 */
@NullMarked
package dev.copperplate.backup.repository.repair;

import org.jspecify.annotations.NullMarked;
