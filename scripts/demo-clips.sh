#!/bin/sh
# Makes the two clips the demo site's RTSP cameras play in a loop: a lobby with a face, and a yard at night with a person and a blue beacon.
# Wants ffmpeg with libx264; run from the project's folder: sh scripts/demo-clips.sh
set -e
out=resources/demo
X264="-c:v libx264 -profile:v baseline -preset veryslow -bf 0 -g 15 -keyint_min 15 -sc_threshold 0 -pix_fmt yuv420p -x264-params repeat-headers=1:aud=1"
ffmpeg -y -loglevel error -f lavfi -i "gradients=s=640x480:r=15:d=16:c0=0x6d7480:c1=0x3c424c:x0=0:y0=0:x1=0:y1=479:nb_colors=2:speed=0.00001" -loop 1 -r 15 -t 16 -i test/assets/faces/collins-640.jpg \
 -filter_complex "[1:v]scale=400:400[f];[0:v][f]overlay=x='120+90*sin(2*PI*t/16)':y='80+10*sin(2*PI*t/8)':shortest=1,drawbox=x=0:y=440:w=640:h=40:color=0x2a2e35:t=fill" $X264 -crf 31 -f h264 "$out/lobby.h264"
ffmpeg -y -loglevel error -f lavfi -i "gradients=s=640x480:r=15:d=24:c0=0x1b2027:c1=0x0d1014:x0=0:y0=0:x1=0:y1=479:nb_colors=2:speed=0.00001" \
 -f lavfi -i "color=c=0x7d5a34:s=46x110:r=15:d=24" -f lavfi -i "color=c=0xc79a7a:s=30x36:r=15:d=24" -f lavfi -i "color=c=0x3a3f48:s=14x60:r=15:d=24" \
 -filter_complex "[0]drawbox=x=0:y=330:w=640:h=150:color=0x23272d:t=fill,drawbox=x=430:y=150:w=150:h=190:color=0x343a42:t=fill,drawbox=x=450:y=250:w=50:h=90:color=0x15181c:t=fill,drawbox=x=530:y=175:w=30:h=40:color=0xd8c890:t=fill,drawbox=x=468:y=120:w=44:h=30:color=0x2a48ff:t=fill:enable='between(t,8,18)*lt(mod(t\,0.6)\,0.35)',drawbox=x=462:y=150:w=56:h=6:color=0x50565e:t=fill[b];[3]split[l1][l2];[b][1]overlay=x='30+15*t':y=270[b1];[b1][2]overlay=x='38+15*t':y=232[b2];[b2][l1]overlay=x='36+15*t':y=380[b3];[b3][l2]overlay=x='58+15*t':y=380" $X264 -crf 30 -f h264 "$out/yard.h264"
