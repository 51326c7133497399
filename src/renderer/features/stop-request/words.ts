/** The words of STOP REQUEST. It is never called an emergency stop: it asks over a network, and says what is known of the answer. */
import { bilingual } from '../../words/bilingual.ts'

export const stopRequestWords = bilingual({
  en: {
    button: 'STOP REQUEST',
    hintOne:
      'Asks {{name}} to stop. Not an emergency stop: use the one on the vehicle when somebody is in danger.',
    hintAll:
      'Asks all {{count}} vehicles to stop. Not an emergency stop: use the one on the vehicle when somebody is in danger.',
    viewerOnly: 'Your link may only watch: ask for an operator’s.',
    requested: 'STOP REQUEST to {{name}} at {{at}}: asked, no answer yet.',
    accepted:
      'STOP REQUEST to {{name}} at {{at}}: accepted, not yet standing. Waiting for the vehicle to report ESTOP.',
    confirmed: '{{name}} reports ESTOP, {{after}} s after the STOP REQUEST of {{at}}.',
    'not-confirmed':
      'STOP NOT CONFIRMED: {{name}} does not report ESTOP, {{after}} s after the request. It may still be moving: use the emergency stop on the vehicle. Asked {{count}} times, asking on.',
    released: 'STOP REQUEST to {{name}} at {{at}} was ended by hand before the vehicle reported ESTOP.',
    failed: 'STOP REQUEST was NOT SENT: {{reason}} Use the emergency stop on the vehicle.',
    endTrying: 'Stop asking',
    dismiss: 'Close',
  },
  vi: {
    button: 'YÊU CẦU DỪNG',
    hintOne:
      'Yêu cầu {{name}} dừng. Không phải nút dừng khẩn cấp: khi có người gặp nguy hiểm, hãy bấm nút trên xe.',
    hintAll:
      'Yêu cầu cả {{count}} xe dừng. Không phải nút dừng khẩn cấp: khi có người gặp nguy hiểm, hãy bấm nút trên xe.',
    viewerOnly: 'Liên kết của bạn chỉ được xem: hãy xin liên kết của người trực.',
    requested: 'YÊU CẦU DỪNG {{name}} lúc {{at}}: đã gửi, chưa có trả lời.',
    accepted: 'YÊU CẦU DỪNG {{name}} lúc {{at}}: xe đã nhận, chưa đứng yên. Đang chờ xe báo ESTOP.',
    confirmed: '{{name}} báo ESTOP, {{after}} giây sau YÊU CẦU DỪNG lúc {{at}}.',
    'not-confirmed':
      'CHƯA XÁC NHẬN DỪNG: {{name}} không báo ESTOP sau {{after}} giây. Xe có thể còn chạy: hãy bấm nút dừng khẩn cấp trên xe. Đã gửi {{count}} lần, vẫn đang gửi.',
    released: 'YÊU CẦU DỪNG {{name}} lúc {{at}} đã bị kết thúc bằng tay trước khi xe báo ESTOP.',
    failed: 'YÊU CẦU DỪNG CHƯA ĐƯỢC GỬI: {{reason}} Hãy bấm nút dừng khẩn cấp trên xe.',
    endTrying: 'Ngừng gửi',
    dismiss: 'Đóng',
  },
})
