package dev.copperplate.backup.postgres.restore;

import dev.copperplate.backup.postgres.RecoveryTarget;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a user chose.
 *
 * @param data the new data directory
 * @param wal where the WAL goes
 * @param target how far recovery goes
 * @param timeline along which timeline; the one of the highest number that comes from the base's
 * @param tablespaces new places, by number or old place
 * @param inPlace whether the others stay in the data directory
 * @param identity the only system that is accepted
 * @param replacement whether the server takes the place of the lost one
 * @param pause whether the server waits at the target
 */
public record RestoreChoices(
    Path data,
    Path wal,
    RecoveryTarget target,
    OptionalInt timeline,
    SortedMap<String, Path> tablespaces,
    boolean inPlace,
    Optional<String> identity,
    boolean replacement,
    boolean pause) {

  public static RestoreChoices to(Path data) {
    Path name = data.getFileName();
    if (name == null) {
      throw new IllegalArgumentException("Not a place for a data directory: " + data);
    }
    return new RestoreChoices(
        data,
        data.resolveSibling(name + ".wal"),
        RecoveryTarget.latest(),
        OptionalInt.empty(),
        new TreeMap<>(),
        false,
        Optional.empty(),
        false,
        false);
  }

  public RestoreChoices wal(Path other) {
    return new RestoreChoices(
        data, other, target, timeline, tablespaces, inPlace, identity, replacement, pause);
  }

  public RestoreChoices target(RecoveryTarget other) {
    return new RestoreChoices(
        data, wal, other, timeline, tablespaces, inPlace, identity, replacement, pause);
  }

  public RestoreChoices timeline(int other) {
    return new RestoreChoices(
        data,
        wal,
        target,
        OptionalInt.of(other),
        tablespaces,
        inPlace,
        identity,
        replacement,
        pause);
  }

  public RestoreChoices tablespace(String which, Path place) {
    SortedMap<String, Path> more = new TreeMap<>(Map.copyOf(tablespaces));
    more.put(which, place);
    return new RestoreChoices(
        data, wal, target, timeline, more, inPlace, identity, replacement, pause);
  }

  public RestoreChoices inPlace(boolean other) {
    return new RestoreChoices(
        data, wal, target, timeline, tablespaces, other, identity, replacement, pause);
  }

  public RestoreChoices identity(String other) {
    return new RestoreChoices(
        data, wal, target, timeline, tablespaces, inPlace, Optional.of(other), replacement, pause);
  }

  public RestoreChoices replacement(boolean other) {
    return new RestoreChoices(
        data, wal, target, timeline, tablespaces, inPlace, identity, other, pause);
  }

  public RestoreChoices pause(boolean other) {
    return new RestoreChoices(
        data, wal, target, timeline, tablespaces, inPlace, identity, replacement, other);
  }
}
