/**
 * Metadata of a cluster: brokers, features, ACLs, quotas, SCRAM users, groups, transactions and
 * descriptions of topics; as values, as lines of JSON, and back into a cluster.
 */
@NullMarked
package dev.copperplate.backup.kafka.cluster;

import org.jspecify.annotations.NullMarked;
