package io.github.tornadovit.cli.serve;

import io.github.tornadovit.base.file.ErrorText;

/** A request is not answered: the status of HTTP, and a line for the caller that says why. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  Refusal(int status, String problem) {
    super(ErrorText.visible(problem), null, false, false);
    this.status = status;
  }

  /** 400: the request is wrong and will be wrong again. */
  static Refusal bad(String problem) {
    return new Refusal(400, problem);
  }

  /** 413. */
  static Refusal tooLarge(String problem) {
    return new Refusal(413, problem);
  }

  /** 503: the same request may be answered later. */
  static Refusal later(String problem) {
    return new Refusal(503, problem);
  }

  int status() {
    return status;
  }

  Reply reply() {
    return Reply.error(status, String.valueOf(getMessage()));
  }
}
