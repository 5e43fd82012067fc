package dev.copperplate.backup.testkit.network;

/** What becomes of a connection. Of several the last one named here counts. */
public enum Fate {
  /** It goes on. */
  LIVES,

  /**
   * Nothing passes any more, in neither direction, and nobody is told: the peer lost its power, a
   * firewall forgot the connection. Nothing is read either, so a client that goes on writing is
   * held up when the buffers are full. It stays so until the proxy resets its connections.
   */
  STALLED,

  /**
   * Both sides see the end of what the other one sent. What they still send is read and thrown
   * away, so that nobody gets a reset instead.
   */
  CLOSED,

  /** Both sides get a reset. What had passed and was not read yet may be lost. */
  RESET;

  Fate or(Fate other) {
    return other.compareTo(this) > 0 ? other : this;
  }
}
