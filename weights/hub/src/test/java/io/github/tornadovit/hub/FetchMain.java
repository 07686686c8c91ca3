package io.github.tornadovit.hub;

/** Fetches one model as the environment says and prints its folder: for tests of processes. */
final class FetchMain {
  private FetchMain() {}

  public static void main(String[] arguments) {
    System.out.println(Hub.fromEnvironment().fetch(HubModel.of(arguments[0])));
  }
}
