package dev.copperplate.backup.kafka.preflight;

import dev.copperplate.backup.Finding;
import java.util.List;

/** Whether there is anything to back up. */
final class SelectionCheck implements PreflightCheck {

  private final Wishes wishes;
  private final Sight sight;

  SelectionCheck(Wishes wishes, Sight sight) {
    this.wishes = wishes;
    this.sight = sight;
  }

  @Override
  public String subject() {
    return "topics to back up";
  }

  @Override
  public void look(List<Finding> findings) {
    List<String> missing =
        sight.absent().stream()
            .filter(each -> wishes.topics().filter(all -> all.includes(each, true)).isPresent())
            .toList();
    if (!missing.isEmpty()) {
      findings.add(
          Finding.warning(
              subject(),
              "The cluster does not have " + Names.of("topic", missing),
              "# correct the selection, or create what is missing"));
    }
    if (sight.stores().isEmpty()) {
      findings.add(
          Finding.error(
              subject(),
              "The cluster shows none of "
                  + wishes.topics().map(Object::toString).orElse("")
                  + "; topics that the user may not describe are not shown",
              "# correct the selection, or grant Describe"));
    }
  }
}
