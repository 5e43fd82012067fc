package dev.copperplate.backup.files;

import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RawName;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a directory of the destination holds and the snapshot does not. */
final class ExtraNames {

  private final Set<RawName> names;

  private ExtraNames(Collection<RawName> names) {
    this.names = new HashSet<>(names);
  }

  static ExtraNames none() {
    return new ExtraNames(List.of());
  }

  /** To be asked before anything is made in the directory. */
  static ExtraNames in(OpenDirectory directory) throws IOException {
    return new ExtraNames(directory.names());
  }

  /** The snapshot has it. */
  void met(EntryPath path) {
    names.remove(path.name());
  }

  /** What is left, sorted. */
  List<RawName> left() {
    return names.stream().sorted().toList();
  }
}
