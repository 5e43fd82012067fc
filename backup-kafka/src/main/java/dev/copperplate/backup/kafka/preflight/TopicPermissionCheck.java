package dev.copperplate.backup.kafka.preflight;

import dev.copperplate.backup.Finding;
import java.util.List;
import java.util.Set;

/** Whether the user may do on topics what is needed. */
final class TopicPermissionCheck implements PreflightCheck {

  private final Wishes wishes;
  private final Sight sight;
  private final Commands commands;

  TopicPermissionCheck(Wishes wishes, Sight sight, Commands commands) {
    this.wishes = wishes;
    this.sight = sight;
    this.commands = commands;
  }

  @Override
  public String subject() {
    return "permissions on topics";
  }

  @Override
  public void look(List<Finding> findings) {
    Shortfall shortfall = new Shortfall();
    for (SeenTopic each : sight.topics()) {
      each.allowed()
          .ifPresent(
              allowed ->
                  shortfall.add(
                      each.name(), Needs.ofTopic(wishes, each.name(), each.backup()), allowed));
    }
    for (String each : sight.refused()) {
      boolean backup = wishes.topics().filter(all -> all.includes(each, true)).isPresent();
      shortfall.add(each, Needs.ofTopic(wishes, each, backup), Set.of());
    }
    shortfall.report(subject(), "topic", commands, findings);
  }
}
