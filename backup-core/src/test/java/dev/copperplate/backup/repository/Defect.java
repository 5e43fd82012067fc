package dev.copperplate.backup.repository;

import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.storage.ObjectKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What can be wrong with a repository: each is brought about in a sound one. */
enum Defect {
  PACK_FLIPPED {
    @Override
    String bringAbout(Path at) throws Exception {
      Path pack = largest(at);
      Damage.flip(pack, 1000);
      return key(at, pack);
    }
  },
  PACK_HEADER_FLIPPED {
    @Override
    String bringAbout(Path at) throws Exception {
      Path pack = largest(at);
      Damage.flip(pack, (int) Files.size(pack) - 20);
      return key(at, pack);
    }
  },
  PACK_TRAILER_FLIPPED {
    @Override
    String bringAbout(Path at) throws Exception {
      Path pack = largest(at);
      Damage.flip(pack, (int) Files.size(pack) - 1);
      return key(at, pack);
    }
  },
  PACK_TRUNCATED {
    @Override
    String bringAbout(Path at) throws Exception {
      Path pack = largest(at);
      Damage.truncate(pack, (int) Files.size(pack) / 2);
      return key(at, pack);
    }
  },
  PACK_EMPTIED {
    @Override
    String bringAbout(Path at) throws Exception {
      Path pack = largest(at);
      Damage.truncate(pack, 0);
      return key(at, pack);
    }
  },
  PACK_LONGER {
    @Override
    String bringAbout(Path at) throws Exception {
      Path pack = largest(at);
      Damage.truncate(pack, (int) Files.size(pack) + 5);
      return key(at, pack);
    }
  },
  PACK_LOST {
    @Override
    String bringAbout(Path at) throws Exception {
      Path pack = largest(at);
      Damage.remove(pack);
      return key(at, pack);
    }
  },
  TREE_PACK_FLIPPED {
    @Override
    String bringAbout(Path at) throws Exception {
      Path pack = smallest(at);
      Damage.flip(pack, 40);
      return key(at, pack);
    }
  },
  TREE_PACK_LOST {
    @Override
    String bringAbout(Path at) throws Exception {
      Path pack = smallest(at);
      Damage.remove(pack);
      return key(at, pack);
    }
  },
  PACKS_SWAPPED {
    @Override
    String bringAbout(Path at) throws Exception {
      Path pack = largest(at);
      Damage.swap(pack, smallest(at));
      return key(at, pack);
    }
  },
  SNAPSHOT_FLIPPED {
    @Override
    String bringAbout(Path at) throws Exception {
      Path file = new Damage(at).files(ObjectKind.SNAPSHOT).get(0);
      Damage.flip(file, 60);
      return key(at, file);
    }
  },
  SNAPSHOT_TRUNCATED {
    @Override
    String bringAbout(Path at) throws Exception {
      Path file = new Damage(at).files(ObjectKind.SNAPSHOT).get(0);
      Damage.truncate(file, 60);
      return key(at, file);
    }
  },
  INDEX_FLIPPED {
    @Override
    String bringAbout(Path at) throws Exception {
      Path file = new Damage(at).files(ObjectKind.INDEX).get(0);
      Damage.flip(file, 60);
      return key(at, file);
    }
  },
  INDEX_TRUNCATED {
    @Override
    String bringAbout(Path at) throws Exception {
      Path file = new Damage(at).files(ObjectKind.INDEX).get(0);
      Damage.truncate(file, 60);
      return key(at, file);
    }
  },
  INDEX_LOST {
    @Override
    String bringAbout(Path at) throws Exception {
      Damage.remove(new Damage(at).files(ObjectKind.INDEX).get(0));
      return "is in no index";
    }
  },
  ALL_INDEXES_LOST {
    @Override
    String bringAbout(Path at) throws Exception {
      for (Path each : new Damage(at).files(ObjectKind.INDEX)) {
        Damage.remove(each);
      }
      return "is in no index";
    }
  },
  INDEX_OF_WRONG_PLAIN_LENGTH {
    @Override
    String bringAbout(Path at) throws Exception {
      return changed(at, "\"uncompressed_length\":(\\d+)", "\"uncompressed_length\":1$1");
    }
  },
  INDEX_OF_WRONG_LENGTH {
    @Override
    String bringAbout(Path at) throws Exception {
      return changed(at, "\"length\":(\\d+)", "\"length\":1$1");
    }
  },
  INDEX_OF_WRONG_OFFSET {
    @Override
    String bringAbout(Path at) throws Exception {
      return changed(at, "\"offset\":[1-9]\\d+", "\"offset\":7");
    }
  },
  INDEX_THAT_LACKS_A_BLOB {
    @Override
    String bringAbout(Path at) throws Exception {
      return changed(at, "\"blobs\":\\[\\{[^}]*\\},\\{", "\"blobs\":[{");
    }
  },
  PACK_IN_TWO_INDEXES {
    @Override
    String bringAbout(Path at) throws Exception {
      StoredRepository stored = StoredRepository.at(at);
      String json = stored.json(ObjectKind.INDEX, stored.ids(ObjectKind.INDEX).first());
      stored.write(ObjectKind.INDEX, json + " ");
      return "is listed in several index files";
    }
  },
  PACK_IN_NO_INDEX {
    @Override
    String bringAbout(Path at) throws Exception {
      HostileRepository hostile = HostileRepository.at(at);
      byte[] junk = "no pack, and nobody needs it".repeat(10).getBytes(StandardCharsets.UTF_8);
      String name = Sha256.hash(junk).hex();
      hostile.put("data/" + name.substring(0, 2) + "/" + name, junk);
      return name;
    }
  },
  NOTHING {
    @Override
    String bringAbout(Path at) {
      return "";
    }
  };

  /** Spoils the repository; returns what a finding must say. */
  abstract String bringAbout(Path at) throws Exception;

  private static String changed(Path at, String pattern, String replacement) throws IOException {
    StoredRepository stored = StoredRepository.at(at);
    for (String id : stored.ids(ObjectKind.INDEX)) {
      Matcher matcher = Pattern.compile(pattern).matcher(stored.json(ObjectKind.INDEX, id));
      if (matcher.find()) {
        stored.rewrite(ObjectKind.INDEX, id, json -> json.replaceFirst(pattern, replacement));
        return "data/";
      }
    }
    throw new AssertionError("No index has " + pattern);
  }

  private static Path largest(Path at) throws IOException {
    return sorted(at).get(sorted(at).size() - 1);
  }

  private static Path smallest(Path at) throws IOException {
    return sorted(at).get(0);
  }

  private static List<Path> sorted(Path at) throws IOException {
    return new Damage(at)
        .files(ObjectKind.PACK).stream()
            .sorted(Comparator.comparingLong(each -> each.toFile().length()))
            .toList();
  }

  private static String key(Path at, Path file) {
    return at.relativize(file).toString();
  }
}
