package dev.copperplate.backup.kafka.preflight;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.kafka.transport.TransportOptions;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.config.TopicConfig;

/** Settings of topics with which a backup does not hold what one may think. */
final class SettingsCheck implements PreflightCheck {

  private final List<SeenTopic> topics;
  private final Wishes wishes;
  private final Commands commands;

  SettingsCheck(List<SeenTopic> topics, Wishes wishes, Commands commands) {
    this.topics = topics;
    this.wishes = wishes;
    this.commands = commands;
  }

  @Override
  public String subject() {
    return "settings of topics";
  }

  @Override
  public void look(List<Finding> findings) {
    wishes.between().ifPresent(each -> retention(each, findings));
    compaction(findings);
    elections(findings);
    sizes(findings);
  }

  private void retention(Duration between, List<Finding> findings) {
    List<String> brief =
        names(
            each ->
                isDeleted(each)
                    && isBelow(each, TopicConfig.RETENTION_MS_CONFIG, between.toMillis()));
    if (!brief.isEmpty()) {
      findings.add(
          Finding.warning(
              subject(),
              Names.of("Topic", brief)
                  + " delete records after less than "
                  + between.toMinutes()
                  + " minutes, which is the time between backups: some are in none",
              commands.set(
                  TopicConfig.RETENTION_MS_CONFIG,
                  Long.toString(between.multipliedBy(2).toMillis()),
                  brief)));
    }
    List<String> bounded =
        names(
            each ->
                isDeleted(each)
                    && isBelow(each, TopicConfig.RETENTION_BYTES_CONFIG, Long.MAX_VALUE));
    if (!bounded.isEmpty()) {
      findings.add(
          Finding.info(
              subject(),
              Names.of("Topic", bounded)
                  + " delete records above a size: what comes faster than it is backed up is in"
                  + " no backup, which each one names"));
    }
  }

  private static boolean isDeleted(SeenTopic topic) {
    return topic.has(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
  }

  /** Below 0 is without end. */
  private static boolean isBelow(SeenTopic topic, String setting, long bound) {
    long value = topic.number(setting).orElse(-1);
    return value >= 0 && value < bound;
  }

  private void compaction(List<Finding> findings) {
    List<String> compacted =
        names(
            each ->
                each.has(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
    if (!compacted.isEmpty()) {
      findings.add(
          Finding.info(
              subject(),
              Names.of("Topic", compacted)
                  + " are compacted: compaction after a backup is not seen by the next one,"
                  + " unless it reads all with anew()"));
    }
  }

  private void elections(List<Finding> findings) {
    List<String> unclean =
        names(each -> each.has(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "true"));
    if (!unclean.isEmpty()) {
      findings.add(
          Finding.warning(
              subject(),
              Names.of("Topic", unclean)
                  + " let a replica lead that lacks records: what was backed up may be replaced"
                  + " by other records at the same offsets",
              commands.set(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false", unclean)));
    }
  }

  private void sizes(List<Finding> findings) {
    int largest = TransportOptions.DEFAULTS.largestBatch();
    List<String> large =
        names(each -> each.number(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).orElse(0) > largest);
    if (!large.isEmpty()) {
      findings.add(
          Finding.warning(
              subject(),
              Names.of("Topic", large)
                  + " take batches of more than "
                  + largest
                  + " bytes, which no backup reads",
              commands.set(
                  TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(largest), large)));
    }
  }

  private List<String> names(Predicate<SeenTopic> which) {
    return topics.stream().filter(which).map(SeenTopic::name).toList();
  }
}
