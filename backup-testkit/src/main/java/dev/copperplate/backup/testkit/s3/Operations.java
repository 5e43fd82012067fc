package dev.copperplate.backup.testkit.s3;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** All operations that a server knows. Immutable. */
final class Operations {

  private final List<Operation> operations;

  /** Those that need more of a request come first, and the plain ones last. */
  Operations(List<List<Operation>> families) {
    List<Operation> all = new ArrayList<>();
    families.forEach(all::addAll);
    all.sort(Comparator.comparing(Operation::selectors).reversed());
    operations = List.copyOf(all);
  }

  Optional<Operation> of(Request request) {
    return operations.stream().filter(each -> each.isAskedBy(request)).findFirst();
  }
}
