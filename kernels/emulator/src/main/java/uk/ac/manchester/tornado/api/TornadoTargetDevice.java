package uk.ac.manchester.tornado.api;

/** A device as its driver describes it. */
public interface TornadoTargetDevice {
  String getDeviceName();

  long getDeviceGlobalMemorySize();

  long getDeviceLocalMemorySize();

  int getDeviceMaxComputeUnits();

  long[] getDeviceMaxWorkItemSizes();

  long[] getDeviceMaxWorkGroupSize();

  int getMaxThreadsPerBlock();

  int getDeviceMaxClockFrequency();

  long getDeviceMaxAllocationSize();
}
