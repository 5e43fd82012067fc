/**
 * Kafka: topics as the record batches of the broker, groups that resume on the right record,
 * metadata of the cluster, and drills that restore into a broker of their own.
 */
@NullMarked
package dev.copperplate.backup.kafka;

import org.jspecify.annotations.NullMarked;
