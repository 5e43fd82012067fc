package dev.copperplate.samples;

import dev.copperplate.backup.repository.CheckOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The options that say how much of a repository is read. Without any, all of it. */
final class CheckExtent {

  private static final String STRUCTURE = "--structure";
  private static final String READ_DATA = "--read-data";
  private static final String SHARE = "--share";
  private static final String PERCENT = "--percent";
  private static final String BUDGET_BYTES = "--budget-bytes";
  private static final String BUDGET_TIME = "--budget-time";
  private static final Duration FOR_EVER = Duration.ofDays(365);

  private CheckExtent() {}

  static Option[] options() {
    return new Option[] {
      Option.flag(READ_DATA, "read every pack; so it is without any of these options"),
      Option.flag(STRUCTURE, "read no packs, except for directories"),
      Option.optional(SHARE, "N/T", "read the packs of one of T equal shares"),
      Option.optional(PERCENT, "P", "read so many percent of the packs, others each time"),
      Option.optional(BUDGET_BYTES, "B", "read about so many bytes, first what was not for long"),
      Option.optional(BUDGET_TIME, "D", "read for so long, such as 90s, 30m or 1h30m")
    };
  }

  static CheckOptions of(Arguments arguments) throws UsageException {
    List<CheckOptions> given = new ArrayList<>();
    if (arguments.has(STRUCTURE)) {
      given.add(new CheckOptions.Structure());
    }
    if (arguments.has(READ_DATA)) {
      given.add(new CheckOptions.Data());
    }
    if (arguments.has(SHARE)) {
      given.add(share(arguments.required(SHARE)));
    }
    if (arguments.has(PERCENT)) {
      double percent = Arguments.number(PERCENT, arguments.required(PERCENT));
      given.add(Arguments.checked(() -> new CheckOptions.Percentage(percent)));
    }
    if (arguments.has(BUDGET_BYTES) || arguments.has(BUDGET_TIME)) {
      given.add(budget(arguments.optional(BUDGET_BYTES), arguments.optional(BUDGET_TIME)));
    }
    if (given.size() > 1) {
      throw new UsageException("Only one of these at a time says how much is read");
    }
    return given.isEmpty() ? new CheckOptions.Data() : given.get(0);
  }

  private static CheckOptions share(String text) throws UsageException {
    String[] parts = text.split("/", -1);
    if (parts.length != 2) {
      throw new UsageException("Not a share: " + text + ", such as 1/7");
    }
    int number = (int) whole(SHARE, parts[0], Integer.MAX_VALUE);
    int of = (int) whole(SHARE, parts[1], Integer.MAX_VALUE);
    return Arguments.checked(() -> new CheckOptions.Share(number, of));
  }

  private static CheckOptions budget(Optional<String> bytes, Optional<String> time)
      throws UsageException {
    long most =
        bytes.isPresent() ? whole(BUDGET_BYTES, bytes.get(), Long.MAX_VALUE) : Long.MAX_VALUE;
    Duration longest = time.isPresent() ? Arguments.duration(BUDGET_TIME, time.get()) : FOR_EVER;
    return Arguments.checked(() -> new CheckOptions.Budget(most, longest));
  }

  private static long whole(String option, String text, long most) throws UsageException {
    try {
      long number = Long.parseLong(text);
      if (number <= most) {
        return number;
      }
    } catch (NumberFormatException wrong) {
      // Said below.
    }
    throw new UsageException(option + " is no whole number: " + text);
  }
}
