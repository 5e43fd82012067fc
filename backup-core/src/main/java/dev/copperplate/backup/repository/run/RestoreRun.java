package dev.copperplate.backup.repository.run;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestorePlan;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A restore, a dry run of one, or a verification. */
public final class RestoreRun extends Run implements RestoreContext {

  /** What may be destroyed. */
  public enum Permission {
    /** Nothing is done at all: the plan is wanted. */
    DRY_RUN,
    /** Nothing may be destroyed. */
    HARMLESS,
    /** What was confirmed may be destroyed. */
    CONFIRMED
  }

  private final Permission permission;
  private final Set<String> confirmed;
  private @Nullable RestorePlan plan;

  /**
   * @param confirmed names of what may be destroyed
   */
  public RestoreRun(Settings settings, Permission permission, List<String> confirmed) {
    super(settings);
    this.permission = permission;
    this.confirmed = new HashSet<>(confirmed);
  }

  @Override
  public synchronized void begin(RestorePlan announced) throws BackupException {
    if (plan != null) {
      throw new IllegalStateException("A restore begins once");
    }
    plan = announced;
    if (permission == Permission.DRY_RUN) {
      throw new BackupException(Kind.NOT_CONFIRMED, "Nothing was changed: this is a dry run");
    }
    List<String> unconfirmed =
        announced.destroys().stream().filter(each -> !confirmed.contains(each)).toList();
    if (!unconfirmed.isEmpty()) {
      throw new BackupException(
          Kind.NOT_CONFIRMED,
          "Nothing was changed: the restore to "
              + announced.destination()
              + " would destroy "
              + sample(unconfirmed)
              + (permission == Permission.HARMLESS
                  ? ", and a verification destroys nothing"
                  : ". If that is right, confirm the plan, or restore to an empty place"));
    }
  }

  /** What was announced. */
  public synchronized Optional<RestorePlan> plan() {
    return Optional.ofNullable(plan);
  }

  private static String sample(List<String> names) {
    int shown = Math.min(10, names.size());
    String first = String.join(", ", names.subList(0, shown));
    return shown == names.size() ? first : first + " and " + (names.size() - shown) + " more";
  }
}
