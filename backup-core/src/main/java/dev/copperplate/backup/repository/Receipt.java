package dev.copperplate.backup.repository;

import dev.copperplate.backup.ContentId;
import dev.copperplate.backup.Verification;
import java.time.Instant;

/**
 * What a verification found, as it is kept beside the repository.
 *
 * @param content what was verified; a snapshot whose content was rewritten since is another one
 * @param at when
 * @param verification what was found
 * @param counts whether it counts as proof here: it passed, in this repository and no other, and,
 *     where keys for receipts are configured, is signed with one of them
 */
public record Receipt(ContentId content, Instant at, Verification verification, boolean counts) {}
