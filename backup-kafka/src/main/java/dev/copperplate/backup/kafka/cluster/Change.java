package dev.copperplate.backup.kafka.cluster;

import java.util.List;

/**
 * One thing that is set in a cluster.
 *
 * @param key by which the cluster answers
 * @param words for the plan
 * @param destroys what is there now and will be lost
 * @param needed what the cluster wants to be allowed for it
 */
record Change<T>(Object key, T value, String words, List<String> destroys, Permission needed) {}
