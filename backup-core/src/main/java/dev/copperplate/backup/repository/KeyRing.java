package dev.copperplate.backup.repository;

import java.io.IOException;
import java.util.List;

/**
 * The key files of a repository. Each holds the same master key, under a password of its own; stock
 * restic uses them as well, and can try {@value #MAX_KEYS} of them. Thread-safe.
 *
 * <p>Removing a key file does not take the master key from somebody who had it: if a password
 * leaked, copy everything into a new repository.
 */
public interface KeyRing {

  /** How many key files stock restic tries without being told which. */
  int MAX_KEYS = 20;

  /** The ids of the key files. */
  List<String> ids() throws IOException;

  /** The id of the key file that opened this repository. */
  String current();

  /**
   * Adds a key file for one more password, and makes sure that it opens. Takes a shared lock.
   *
   * @return its id
   * @throws dev.copperplate.backup.BackupException {@code INVALID} if the password is empty, or if
   *     there are {@value #MAX_KEYS} already
   */
  String add(Passwords password) throws IOException, InterruptedException;

  /**
   * Removes a key file. Takes an exclusive lock, for which it waits up to five minutes.
   *
   * @throws dev.copperplate.backup.BackupException {@code INVALID} if it is the one that opened
   *     this repository; {@code CONFLICT} if that one has gone, so that nobody knows whether any
   *     other opens; {@code NOT_FOUND}; {@code LOCKED}
   */
  void remove(String id) throws IOException, InterruptedException;

  /**
   * Puts a key file for another password in place of the one that opened this repository: it is
   * stored, read back and opened before the old one is removed. So the old password opens until the
   * new one does, and for a moment both. Takes an exclusive lock, for which it waits up to five
   * minutes.
   *
   * @return the id of the new one
   * @throws dev.copperplate.backup.BackupException {@code INVALID} if the password is empty, or if
   *     there are {@value #MAX_KEYS} key files; {@code LOCKED}; that of the target if the old one
   *     cannot be removed: then both open, and the message says so
   */
  String change(Passwords password) throws IOException, InterruptedException;
}
