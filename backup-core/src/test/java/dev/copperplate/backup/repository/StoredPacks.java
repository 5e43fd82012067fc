package dev.copperplate.backup.repository;

import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.pack.PackDirectory;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.StoredObject;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the packs of a repository hold by their own account, whatever the indexes say. */
final class StoredPacks {

  private final Map<String, List<String>> packsOfBlob = new TreeMap<>();

  private StoredPacks() {}

  /** Reads the headers of all packs in a directory. */
  static StoredPacks in(Path directory) throws IOException {
    LocalTarget target = LocalTarget.at(directory);
    RepositoryKeys.Opened opened = new RepositoryKeys(target).open(TestRepositories.PASSWORDS);
    ObjectStore store = new ObjectStore(target, opened.key());
    StoredPacks packs = new StoredPacks();
    try (Cursor<StoredObject> all = store.list(ObjectKind.PACK)) {
      for (StoredObject pack = all.next(); pack != null; pack = all.next()) {
        for (PackEntry each : PackDirectory.read(store, pack)) {
          packs
              .packsOfBlob
              .computeIfAbsent(each.type() + " " + each.id(), any -> new ArrayList<>())
              .add(pack.id().hex());
        }
      }
    }
    return packs;
  }

  /** How many different blobs there are. */
  int blobs() {
    return packsOfBlob.size();
  }

  /** The blobs that lie in more than one pack, or twice in one. */
  Map<String, List<String>> twice() {
    Map<String, List<String>> twice = new TreeMap<>(packsOfBlob);
    twice.values().removeIf(packs -> packs.size() == 1);
    return twice;
  }
}
