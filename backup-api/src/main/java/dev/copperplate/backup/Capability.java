package dev.copperplate.backup;

/** What a store itself enforces. Imitation by the client counts as absence. */
public enum Capability {
  /** Of several puts that ask for absence, one wins. */
  CONDITIONAL_PUT,
  /** Objects can be locked against deletion until a time. */
  RETENTION,
  /** What somebody overwrites, or deletes by its name alone, is kept as an earlier version. */
  VERSIONS,
  /** Bulk data can go to a colder class than metadata. */
  STORAGE_CLASS
}
