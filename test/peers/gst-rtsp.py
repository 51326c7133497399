"""An RTSP camera made of Debian's GStreamer RTSP server: a peer nobody of this project wrote.

/usr/bin/python3 test/peers/gst-rtsp.py [--codec h264|h265] [--auth none|basic|digest] [--user U --password P]

Prints "ready PORT" and serves rtsp://127.0.0.1:PORT/cam, 640x480 at 30/s, a key frame each second, until its input ends.
Needs gir1.2-gst-rtsp-server-1.0, python3-gi, gstreamer1.0-plugins-base/good/bad/ugly.
"""

import argparse
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

parser = argparse.ArgumentParser()
parser.add_argument("--codec", choices=["h264", "h265"], default="h264")
parser.add_argument("--auth", choices=["none", "basic", "digest"], default="none")
parser.add_argument("--user", default="viewer")
parser.add_argument("--password", default="Canary-Passw0rd!")
args = parser.parse_args()

Gst.init(None)

source = "videotestsrc is-live=true pattern=ball ! video/x-raw,width=640,height=480,framerate=30/1"
encode = {
    "h264": "x264enc tune=zerolatency speed-preset=ultrafast bitrate=1000 key-int-max=30"
    " ! video/x-h264,profile=baseline ! rtph264pay name=pay0 pt=96 config-interval=0",
    "h265": "x265enc tune=zerolatency speed-preset=ultrafast bitrate=800 key-int-max=30"
    " ! rtph265pay name=pay0 pt=96 config-interval=0",
}[args.codec]

server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service("0")

factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(f"( {source} ! {encode} )")
factory.set_shared(True)

if args.auth != "none":
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    if args.auth == "basic":
        basic = GstRtspServer.RTSPAuth.make_basic(args.user, args.password)
        auth.add_basic(basic, token)
    else:
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest(args.user, args.password, token)
    server.set_auth(auth)
    factory.add_role_from_structure(
        Gst.Structure.from_string("viewer, media.factory.access=(boolean)true, media.factory.construct=(boolean)true")[0]
    )

server.get_mount_points().add_factory("/cam", factory)
server.attach(None)
loop = GLib.MainLoop()


def end_with_input():
    sys.stdin.read()
    loop.quit()


threading.Thread(target=end_with_input, daemon=True).start()
print(f"ready {server.get_bound_port()}", flush=True)
loop.run()
