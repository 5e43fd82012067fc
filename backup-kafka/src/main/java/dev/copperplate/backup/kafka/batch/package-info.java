/**
 * Record batches as brokers store them, read and written without a class of Kafka. For the classes
 * of this module; users have no business here.
 *
 * @see <a href="https://kafka.apache.org/documentation/#recordbatch">Kafka, "Record Batch"</a>
 */
@NullMarked
package dev.copperplate.backup.kafka.batch;

import org.jspecify.annotations.NullMarked;
