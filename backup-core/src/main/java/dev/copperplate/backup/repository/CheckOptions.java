package dev.copperplate.backup.repository;

import java.time.Duration;

/** How much of a repository a check reads. The structure is always looked at. */
public sealed interface CheckOptions {

  /** No data: what the snapshots name is stored, as far as listings and directories tell. */
  record Structure() implements CheckOptions {}

  /** Every byte that is stored. */
  record Data() implements CheckOptions {}

  /**
   * One of so many equal shares of the packs. After all shares every pack that was there all the
   * time has been read.
   *
   * @param number which share, from 1
   * @param of how many there are
   */
  record Share(int number, int of) implements CheckOptions {
    public Share {
      if (number < 1 || number > of) {
        throw new IllegalArgumentException("Not a share: " + number + " of " + of);
      }
    }
  }

  /**
   * So much of the packs, chosen at random each time.
   *
   * @param percent more than 0, at most 100
   */
  record Percentage(double percent) implements CheckOptions {
    public Percentage {
      if (!(percent > 0 && percent <= 100)) {
        throw new IllegalArgumentException("Not a percentage: " + percent);
      }
    }
  }

  /**
   * The packs that were not read for longest, until either is spent. What was read when is kept
   * beside the repository.
   *
   * @param bytes how much to read
   * @param time how long; a pack that was begun is read to its end
   */
  record Budget(long bytes, Duration time) implements CheckOptions {
    public Budget {
      if (bytes < 0 || time.isNegative()) {
        throw new IllegalArgumentException("A budget is not negative: " + bytes + ", " + time);
      }
    }
  }
}
